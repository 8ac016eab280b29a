/// HTTP for jobs, and the one place where a failure becomes a problem detail.
@NamedInterface("web")
@NullMarked
package dev.ponder.job.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
