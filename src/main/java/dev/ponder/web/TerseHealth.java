package dev.ponder.web;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointWebExtension;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointProperties;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.stereotype.Component;

/// Health over HTTP. Who may not see its components gets the status alone; Boot would name the
/// groups as well.
@Component
@EndpointWebExtension(endpoint = HealthEndpoint.class)
class TerseHealth extends HealthEndpointWebExtension {

  TerseHealth(
      HealthContributorRegistry registry,
      ObjectProvider<ReactiveHealthContributorRegistry> reactive,
      HealthEndpointGroups groups,
      HealthEndpointProperties properties) {
    super(
        registry,
        reactive.getIfAvailable(),
        groups,
        properties.getLogging().getSlowIndicatorThreshold());
  }

  @Override
  protected HealthDescriptor aggregateDescriptors(
      ApiVersion version,
      Map<String, HealthDescriptor> components,
      StatusAggregator status,
      boolean shown,
      @Nullable Set<String> groups) {
    return super.aggregateDescriptors(version, components, status, shown, shown ? groups : null);
  }
}
