/** That people keep their controls when nothing else works. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.integration.glass;
