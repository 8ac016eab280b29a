package dev.ponder.web;

import java.util.concurrent.TimeoutException;

/// A body did not come in time. Whoever reads it finds this as the cause of an `IOException`.
public final class ClientTooSlow extends TimeoutException {

  ClientTooSlow(String message) {
    super(message);
  }
}
