/** A provider in an S3-compatible store: immutable objects, of which the first listed is the newest. */
@NullMarked
package dev.holdfast.providers.s3;

import org.jspecify.annotations.NullMarked;
