package dev.ponder.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.CannotCreateTransactionException;

class FaultTests {

  @Test
  void workGoesOnWithTheNextOneWhereOnlyThisOneIsBad() {
    assertThat(Fault.isOfOne(new IllegalStateException("secret"))).isTrue();
    assertThat(Fault.isOfOne(new StackOverflowError())).isTrue();
    assertThat(Fault.isOfOne(new DataIntegrityViolationException("too long"))).isTrue();
    assertThat(Fault.isOfOne(new DataAccessResourceFailureException("away"))).isFalse();
    assertThat(Fault.isOfOne(new CannotCreateTransactionException("away"))).isFalse();
    assertThat(Fault.isOfOne(new OutOfMemoryError())).isFalse();
    assertThat(Fault.isOfOne(new CancellationException())).isFalse();
  }

  @Test
  void aFailureIsNamedByItsKindAndPlaceAndNeverByItsWords() {
    var ours = new IllegalStateException("secret");
    var foreign = new IllegalStateException("secret");
    foreign.setStackTrace(new StackTraceElement[] {new StackTraceElement("java.X", "m", "X", 3)});

    assertThat(Fault.named(ours)).matches("IllegalStateException at FaultTests:\\d+");
    assertThat(Fault.named(foreign)).isEqualTo("IllegalStateException");
  }
}
