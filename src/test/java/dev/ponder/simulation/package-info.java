/// The orchestrator of several nodes over one database, under a virtual clock: a seed decides who
/// comes first, how long things take, what fails, who dies and what clients ask for.
@org.jspecify.annotations.NullMarked
package dev.ponder.simulation;
