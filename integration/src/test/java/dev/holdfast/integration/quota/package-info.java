/** That nobody gets more than their quota. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.integration.quota;
