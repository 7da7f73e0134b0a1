/** One YAML file, variables of the environment and flags become immutable records, checked once before anything opens. */
@NullMarked
package dev.holdfast.server.config;

import org.jspecify.annotations.NullMarked;
