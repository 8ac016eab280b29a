package dev.ponder;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/// The service: everything behind the HTTP API.
@SpringBootApplication
@ConfigurationPropertiesScan
public class PonderService {}
