package dev.holdfast.server.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** A header of answers whose value is known beforehand, so that it is made into bytes once and not for each of them. */
public final class FixedHeader {
    final HttpField field;

    public FixedHeader(String name, String value) {
        this.field = new PreEncodedHttpField(name, value);
    }
}
