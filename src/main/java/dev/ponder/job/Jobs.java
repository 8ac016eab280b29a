package dev.ponder.job;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/// The jobs, by id, by age and by who may write to them.
interface Jobs extends Repository<Job, UUID> {

  Job save(Job job);

  Optional<Job> findById(UUID id);

  Optional<Job> findByIdempotencyKey(String key);

  long countByStatus(JobStatus status);

  /// The job, locked until the transaction ends.
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select j from Job j where j.id = :id")
  Optional<Job> lock(UUID id);

  /// One page, newest first, after the job that `createdAt` and `id` name.
  @Query(
      """
      select j from ListedJob j
      where j.status in :statuses
        and (j.createdAt < :createdAt or (j.createdAt = :createdAt and j.id < :id))
      order by j.createdAt desc, j.id desc
      """)
  List<ListedJob> page(Collection<JobStatus> statuses, Instant createdAt, UUID id, Limit limit);

  @Modifying
  @Query("delete from Job j where j.id = :id")
  int remove(UUID id);
}
