/** Envelope encryption: what providers hold of a namespace that has a key is ciphertext. The document is docs/encryption.md. */
@NullMarked
package dev.holdfast.engine.replication.sealing;

import org.jspecify.annotations.NullMarked;
