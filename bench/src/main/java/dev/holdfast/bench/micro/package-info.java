/** JMH benchmarks of what every request passes ({@code bench/jmh}). */
@NullMarked
package dev.holdfast.bench.micro;

import org.jspecify.annotations.NullMarked;
