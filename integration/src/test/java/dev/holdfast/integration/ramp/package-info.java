/** Gates that open step by step, through the command line, while the node is killed. */
@NullMarked
package dev.holdfast.integration.ramp;

import org.jspecify.annotations.NullMarked;
