/// The model store: where the files of models are kept, and how they get there.
@NamedInterface("store")
@NullMarked
package dev.ponder.model.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
