package dev.ponder.cli.command;

import static dev.ponder.cli.output.Listing.field;

import dev.ponder.audit.AuditEntry;
import dev.ponder.audit.AuditLog;
import dev.ponder.cli.output.CliEnvironment;
import dev.ponder.cli.output.CommandFailed;
import dev.ponder.cli.output.Exit;
import dev.ponder.cli.output.Json;
import dev.ponder.cli.output.Listing;
import dev.ponder.cli.output.Listing.Column;
import dev.ponder.cli.output.Misuse;
import dev.ponder.files.FileTrouble;
import dev.ponder.text.Nearest;
import dev.ponder.web.security.KeyFile;
import dev.ponder.web.security.StoredKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// Makes and revokes API keys, in a file of the data folder. It needs no service, so that the first
/// key is there before one runs; one that runs sees the change at once.
@Command(
    name = "keys",
    description = {
      "Make, list and revoke API keys of the service on a data folder.",
      "'create NAME' prints a new key, once; 'list' shows their names; 'revoke NAME' ends one. A"
          + " running service sees the change within a second."
    })
final class KeysCommand implements Callable<Integer> {

  private static final List<String> ACTIONS = List.of("create", "list", "revoke");
  private static final List<Column> COLUMNS =
      List.of(field("KEY", "name"), field("CREATED", "createdAt"));

  private final CliEnvironment surroundings;

  @Parameters(index = "0", paramLabel = "ACTION", description = "create, list or revoke.")
  private String action = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The name of the key: letters, digits, '.', '_', '-' and '@', at most 64.")
  private @Nullable String name;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder of the service (default: PONDER_DATA, else ./data).")
  private @Nullable Path data;

  @Option(names = "--json", description = "Write JSON to standard output, and nothing else.")
  private boolean json;

  KeysCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (!ACTIONS.contains(action)) {
      throw new Misuse(
          "'keys' does not know '"
              + action
              + "'."
              + Nearest.question(action, ACTIONS)
              + " It takes create NAME, list, or revoke NAME.");
    }
    if (action.equals("list") != (name == null)) {
      throw new Misuse("'keys list' takes no name, 'keys create' and 'keys revoke' take one.");
    }
    try {
      switch (action) {
        case "create" -> create(checked(name));
        case "revoke" -> revoke(checked(name));
        default -> list();
      }
      return Exit.OK.code();
    } catch (IOException e) {
      throw new CommandFailed(
          Exit.UNEXPECTED, file().path() + " cannot be changed: " + FileTrouble.in(e) + ".");
    } catch (KeyFile.Unusable e) {
      throw new CommandFailed(Exit.UNEXPECTED, String.valueOf(e.getMessage()));
    }
  }

  private KeyFile file() {
    String told = surroundings.variable("PONDER_DATA");
    Path folder = data != null ? data : Path.of(told == null ? "./data" : told);
    return KeyFile.in(folder);
  }

  private String checked(@Nullable String given) {
    if (given == null || !StoredKey.isName(given)) {
      throw new Misuse(
          "This cannot be the name of a key: it has 1 to %d letters, digits, '.', '_', '-' and '@', and begins with a letter or digit."
              .formatted(StoredKey.NAME_LONGEST));
    }
    return given;
  }

  private void create(String keyName) throws IOException {
    StoredKey.Fresh fresh = StoredKey.create(keyName);
    Instant now = surroundings.time().instant().truncatedTo(ChronoUnit.SECONDS);
    if (!file().add(fresh.stored(), now)) {
      throw new CommandFailed(
          Exit.USAGE,
          "There is a key '"
              + keyName
              + "' in "
              + file().path()
              + ". Choose another name, or revoke it first.");
    }
    audit("createKey", keyName);
    if (json) {
      ObjectNode document = Json.object();
      document.put("name", keyName);
      document.put("key", fresh.key());
      document.put("file", file().path().toString());
      surroundings.out().println(Json.line(document));
    } else {
      // Alone on standard output, so that a script can take it.
      surroundings.out().println(fresh.key());
      surroundings
          .err()
          .println(
              "This is key '%s', shown this once: %s keeps a hash of it. Send it as 'Authorization: Bearer KEY', or put it into PONDER_API_KEY for the command line. From now on the service on this folder wants a key from everybody."
                  .formatted(keyName, file().path()));
    }
    flush();
  }

  private void revoke(String keyName) throws IOException {
    if (!file().remove(keyName)) {
      throw new CommandFailed(
          Exit.USAGE, "There is no key '" + keyName + "' in " + file().path() + ".");
    }
    audit("revokeKey", keyName);
    int left = file().read().size();
    if (json) {
      ObjectNode document = Json.object();
      document.put("name", keyName);
      document.put("left", left);
      surroundings.out().println(Json.line(document));
    } else {
      surroundings
          .out()
          .println(
              "Key '"
                  + keyName
                  + "' is revoked."
                  + (left > 0
                      ? ""
                      : " None is left in "
                          + file().path()
                          + ", so the service lets nobody in by this file until one is made."));
    }
    flush();
  }

  private void list() {
    var items = Json.array();
    for (KeyFile.Entry entry : file().read()) {
      ObjectNode item = items.addObject();
      item.put("name", entry.key().name());
      item.put("createdAt", entry.createdAt() == null ? null : entry.createdAt().toString());
      item.put("entry", entry.key().entry());
    }
    if (json) {
      ObjectNode document = Json.object();
      document.set("items", items);
      surroundings.out().println(Json.line(document));
    } else if (items.isEmpty()) {
      surroundings.out().println("No keys in " + file().path() + ".");
    } else {
      Listing.table(items.values(), COLUMNS).forEach(surroundings.out()::println);
    }
    flush();
  }

  private void audit(String what, String keyName) {
    Path folder = file().path().toAbsolutePath().getParent();
    try {
      AuditLog.append(folder, AuditEntry.own(surroundings.time().instant(), what, keyName, true));
    } catch (IOException e) {
      surroundings.err().println("This is not in the audit log: " + FileTrouble.in(e) + ".");
    }
  }

  private void flush() {
    surroundings.out().flush();
    surroundings.err().flush();
  }
}
