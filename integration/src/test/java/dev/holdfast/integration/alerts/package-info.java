/** A real Alertmanager that is told of incidents. */
@NullMarked
package dev.holdfast.integration.alerts;

import org.jspecify.annotations.NullMarked;
