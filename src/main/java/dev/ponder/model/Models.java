package dev.ponder.model;

public interface Models {
  dev.ponder.engine.Engine engine(String n);

  String defaultModel();

  java.util.List<String> names();

  String pipeline(String model);
}
