package dev.ponder.job;

import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// The real parts of this package for the nodes of a simulation, made by their constructors. The
/// repository alone needs a Spring context: there is one, over a data source that finds the
/// database of the current simulation.
public final class SimulatedJobs {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AnnotationConfigApplicationContext context;
  private final Jobs jobs;
  private final TransactionTemplate transaction;
  private final JdbcClient jdbc;

  public SimulatedJobs(DataSource database) {
    var context = new AnnotationConfigApplicationContext();
    context.registerBean("dataSource", DataSource.class, () -> database);
    context.registerBean(
        "entityManagerFactory",
        LocalContainerEntityManagerFactoryBean.class,
        () -> entities(database));
    context.registerBean(
        "transactionManager",
        JpaTransactionManager.class,
        () -> new JpaTransactionManager(context.getBean(EntityManagerFactory.class)));
    context.register(Repositories.class);
    context.refresh();
    this.context = context;
    jobs = context.getBean(Jobs.class);
    transaction = new TransactionTemplate(context.getBean(JpaTransactionManager.class));
    jdbc = JdbcClient.create(database);
  }

  private static LocalContainerEntityManagerFactoryBean entities(DataSource database) {
    var entities = new LocalContainerEntityManagerFactoryBean();
    entities.setDataSource(database);
    entities.setPackagesToScan("dev.ponder");
    entities.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
    entities.setJpaPropertyMap(
        Map.of(
            "hibernate.dialect", "org.hibernate.dialect.H2Dialect",
            "hibernate.boot.allow_jdbc_metadata_access", "false",
            "hibernate.physical_naming_strategy",
                "org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl"));
    return entities;
  }

  @EnableJpaRepositories(basePackages = "dev.ponder")
  static class Repositories {}

  /// The leases alone, which need no repository.
  public static JobLeases leases(DataSource database, LeaseSettings settings) {
    return new JobLeases(
        JdbcClient.create(database),
        new TransactionTemplate(new JdbcTransactionManager(database)),
        settings);
  }

  public JobLeases leases(LeaseSettings settings) {
    return new JobLeases(jdbc, transaction, settings);
  }

  /// A repository of any package.
  public <T> T repository(Class<T> type) {
    return context.getBean(type);
  }

  public JobCommands desk(
      JobArchive archive, InstantSource time, ApplicationEventPublisher events) {
    return new JobCommands(jobs, archive, time, transaction, events);
  }

  /// @param ids names the jobs
  public JobIntake intake(
      Admission admission,
      JobSettings settings,
      Supplier<UUID> ids,
      InstantSource time,
      ApplicationEventPublisher events) {
    return new JobIntake(
        jobs,
        admission,
        new GivenIds(ids),
        settings,
        new DeadlineSettings(Duration.ofMinutes(30)),
        time,
        events,
        JSON);
  }

  private static final class GivenIds extends JobIds {
    private final Supplier<UUID> ids;

    GivenIds(Supplier<UUID> ids) {
      this.ids = ids;
    }

    @Override
    UUID next() {
      return ids.get();
    }
  }
}
