/** A provider's directory deleted: nothing is lost, and its absences are never believed. */
@NullMarked
package dev.holdfast.integration.wipe;

import org.jspecify.annotations.NullMarked;
