package dev.ponder.engine.process;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The environment of a child that serves a model. The service's own holds the passwords of its
/// database and the keys of its clients and servers; a child that parses somebody else's file has
/// no use for them. So it is made of what is known to be needed, not of what is left over.
///
/// Needed are: how to find programs and libraries, the language (the names of files depend on it),
/// where temporary files go, and what people set to make a GPU or a number of threads work.
public final class ChildEnvironment {
  private static final Pattern NEEDED =
      Pattern.compile(
          "PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.*|TZ|TMPDIR|TMP|TEMP|SYSTEMROOT|WINDIR"
              + "|LD_LIBRARY_PATH|DYLD_(FALLBACK_)?LIBRARY_PATH"
              + "|(CUDA|NVIDIA|GGML|HIP|ROCR|ROCM|HSA|AMD|GPU|VK|METAL|MTL|SYCL|ONEAPI|ZE)_.*"
              + "|(OMP|GOMP|KMP|MKL|OPENBLAS|BLIS)_.*");

  /// `NVIDIA_API_KEY` is one of them: a name that says so is a secret, whatever it begins with.
  private static final List<String> SECRET =
      List.of("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "AUTH");

  private ChildEnvironment() {}

  /// Leaves in the environment of a process to be started only what a child needs.
  public static void limit(Map<String, String> environment) {
    environment.keySet().removeIf(name -> !isNeeded(name));
  }

  private static boolean isNeeded(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return NEEDED.matcher(upper).matches() && SECRET.stream().noneMatch(upper::contains);
  }
}
