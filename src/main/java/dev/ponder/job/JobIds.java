package dev.ponder.job;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Names jobs. Ids grow with time, so that a page of jobs by age is a range of the primary key.
@Component
class JobIds {

  private final TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();

  UUID next() {
    return generator.generate();
  }
}
