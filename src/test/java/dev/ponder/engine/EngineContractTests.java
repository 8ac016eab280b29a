package dev.ponder.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// The negative twins of the contract: an engine that breaks a promise fails the check of it.
class EngineContractTests {

  /// The checks, run against one engine. Not a test class itself, because it has to fail.
  private static final class Checks extends EngineContract {
    private final Engine engine;

    private Checks(Engine engine) {
      this.engine = engine;
    }

    @Override
    protected Engine engine() {
      return engine;
    }

    @Override
    protected Engine slowEngine() {
      return engine;
    }

    @Override
    protected Engine engineToClose() {
      return engine;
    }
  }

  @Test
  void noticesUsageThatDoesNotAddUp() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public TokenStream open(GenerationRequest request) {
                return new Miscounting(good.open(request));
              }
            });

    fails(checks::piecesAddUpToTheUsage);
  }

  @Test
  void noticesALimitThatIsOneTooHigh() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public TokenStream open(GenerationRequest request) {
                return good.open(request.continuing(request.written(), request.maxTokens() + 1));
              }
            });

    fails(() -> checks.stopsAtTheLimit(5));
  }

  @Test
  void noticesATokenThatIsRepeatedAfterAContinuation() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public TokenStream open(GenerationRequest request) {
                String text = request.written().text();
                Written less = Written.text(text.substring(0, Math.max(0, text.length() - 2)));
                return good.open(request.continuing(less, request.maxTokens()));
              }
            });

    fails(() -> checks.aContinuationWritesWhatTheUninterruptedRunWrites(7));
  }

  @Test
  void noticesAStreamThatIgnoresItsClosing() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast().takes(Duration.ofMillis(2))) {
              @Override
              public TokenStream open(GenerationRequest request) {
                return new Unstoppable(good.open(request));
              }
            });

    fails(checks::closingWakesTheReaderAndFreesTheSequence);
  }

  @Test
  void noticesAnEngineThatLeavesItsStreamsRunning() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast().takes(Duration.ofMillis(2))) {
              @Override
              public void close() {}
            });

    fails(checks::aClosedEngineEndsItsStreams);
  }

  @Test
  void noticesTokenIdsThatWereNotClaimed() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public Capabilities capabilities() {
                return withoutTokenIds(good.capabilities());
              }
            });

    fails(checks::reportsTokenIdsExactlyWhenItClaimsThem);
  }

  @Test
  void noticesAContinuationThatWasNotClaimed() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public Capabilities capabilities() {
                return withoutContinuation(good.capabilities());
              }
            });

    fails(checks::refusesAContinuationThatItDoesNotClaim);
  }

  @Test
  void noticesAPromptThatIsTooLongAndNotRefused() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public TokenStream open(GenerationRequest request) {
                Conversation asked = request.conversation();
                String user = asked.user();
                String cut = user.substring(0, Math.min(1000, user.length()));
                return good.open(
                    new GenerationRequest(
                        new Conversation(asked.system(), cut),
                        request.written(),
                        request.sampling(),
                        request.seed(),
                        request.maxTokens(),
                        request.deadline(),
                        request.affinity()));
              }
            });

    fails(checks::refusesAPromptLongerThanItsContextWithBothNumbersAndLivesOn);
  }

  @Test
  void noticesHalfACharacter() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public TokenStream open(GenerationRequest request) {
                return new Stream(
                    good.open(request),
                    piece -> new Piece(piece.text().replace("😀", "\uD83D"), piece.tokens()));
              }
            });

    fails(checks::neverGivesHalfACharacter);
  }

  @Test
  void noticesAnInventedTokenCount() {
    Checks checks =
        new Checks(
            new BrokenEngine(fast()) {
              @Override
              public int countTokens(String text) {
                return text.length() / 4;
              }
            });

    fails(checks::countsTokensExactlyWhereItClaimsTo);
  }

  @Test
  void noticesTextThatChangesUnderTheSameSeed() {
    Checks checks =
        new Checks(
            new ScriptedEngine("moody")
                .writes(request -> "thought " + System.nanoTime() + ".</think>x"));

    fails(checks::theSameSeedGivesTheSameTextWhereItClaimsSo);
  }

  private static ScriptedEngine fast() {
    return new ScriptedEngine("broken");
  }

  private static void fails(ThrowingCallable check) {
    assertThatThrownBy(check).isInstanceOf(AssertionError.class);
  }

  private static Capabilities withoutTokenIds(Capabilities can) {
    return can.with(Capability.TOKEN_IDS, false);
  }

  private static Capabilities withoutContinuation(Capabilities can) {
    return can.with(Capability.CONTINUATION, false);
  }
}
