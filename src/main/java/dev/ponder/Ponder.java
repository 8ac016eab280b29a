package dev.ponder;

/// Where every process of Ponder starts: the command line, the service, and the seat of a model.
public final class Ponder {

  private Ponder() {}

  public static void main(String[] args) {
    org.springframework.boot.SpringApplication.run(PonderService.class, args);
  }
}
