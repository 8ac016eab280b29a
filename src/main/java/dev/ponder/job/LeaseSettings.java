package dev.ponder.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long an owner is believed to live.
///
/// @param heartbeat how often a running job's lease is renewed
/// @param deadAfter how long a lease holds without a heartbeat; then the job is claimed again
/// @param poll how often the queue is looked at without being woken
@ConfigurationProperties("ponder.lease")
public record LeaseSettings(
    @DefaultValue("3s") Duration heartbeat,
    @DefaultValue("12s") Duration deadAfter,
    @DefaultValue("1s") Duration poll) {

  public LeaseSettings {
    if (deadAfter.compareTo(heartbeat.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "ponder.lease.dead-after is %s and has to be at least twice ponder.lease.heartbeat (%s), so that one late heartbeat ends nothing"
              .formatted(deadAfter, heartbeat));
    }
  }
}
