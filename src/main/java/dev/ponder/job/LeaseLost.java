package dev.ponder.job;

/// A write was refused because the job was claimed again, cancelled or deleted since. The run that
/// holds the old lease has to stop; nothing of the job is harmed.
public class LeaseLost extends RuntimeException {

  private final Lease lease;

  public LeaseLost(Lease lease) {
    super(
        "Job %s was claimed by another owner, cancelled or deleted since epoch %d; this run stops"
            .formatted(lease.job(), lease.epoch()));
    this.lease = lease;
  }

  public Lease lease() {
    return lease;
  }
}
