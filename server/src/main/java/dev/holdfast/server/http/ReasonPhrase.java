package dev.holdfast.server.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;

/** Puts a sentence of ours into the status line, which Jetty fills with the usual one. Only for refusals: it costs a copy. */
final class ReasonPhrase extends HttpStream.Wrapper {
    /** Characters; clients give up on endless status lines. */
    private static final int LONGEST = 512;

    private final String phrase;

    ReasonPhrase(HttpStream stream, String phrase) {
        super(stream);
        this.phrase = printable(phrase);
    }

    @Override
    public void send(
            MetaData.Request request, MetaData.Response response, boolean last, ByteBuffer content, Callback callback) {
        super.send(request, response == null ? null : phrased(response), last, content, callback);
    }

    private MetaData.Response phrased(MetaData.Response response) {
        return new MetaData.Response(
                response.getStatus(),
                phrase,
                response.getHttpVersion(),
                response.getHttpFields(),
                response.getContentLength(),
                response.getTrailersSupplier());
    }

    /** A phrase quotes what the client sent: line ends in it would forge headers. */
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(Math.min(text.length(), LONGEST));
        for (int i = 0; i < text.length() && i < LONGEST; i++) {
            char c = text.charAt(i);
            printable.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return printable.toString();
    }
}
