/** The written account of an incident: a draft of its post-mortem, as Markdown and as a page. */
@NullMarked
package dev.holdfast.engine.incident.report;

import org.jspecify.annotations.NullMarked;
