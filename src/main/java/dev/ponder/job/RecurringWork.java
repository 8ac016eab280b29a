package dev.ponder.job;

import java.time.Duration;

/// Work that comes again and again, and that one node of the cluster does each time.
///
/// @param name by which all nodes know it; at most 100 characters, never changed
/// @param every how long after one time the next begins
/// @param work does a bounded part and leaves the rest for the next time; a failure is logged, and
///     tried again the next time
public record RecurringWork(String name, Duration every, Runnable work) {}
