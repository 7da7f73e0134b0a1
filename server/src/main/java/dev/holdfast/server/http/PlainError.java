package dev.holdfast.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The error of a request that reached no door: one line of JSON, the form that the native door uses. */
final class PlainError implements Request.Handler {
    private final RequestIds ids;

    PlainError(RequestIds ids) {
        this.ids = ids;
    }

    /** @param sentence nothing from the request, so that it needs no escaping */
    static byte[] json(String code, String sentence, String id) {
        return ("{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + sentence + "\",\"request\":\"" + id + "\"}}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static void refuse(Call call, int status, String code, String sentence) {
        call.respond(status, "application/json", json(code, sentence, call.id()));
    }

    /** Answers what Jetty itself refuses: a head too large or not HTTP. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? HttpStatus.INTERNAL_SERVER_ERROR_500 : response.getStatus();
        String message = HttpStatus.getMessage(status);
        String id = ids.next();
        response.setStatus(status);
        response.getHeaders().put(Call.REQUEST_ID, id);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        byte[] content = json(message.toLowerCase(Locale.ROOT).replace(' ', '-'), message + ".", id);
        response.write(true, ByteBuffer.wrap(content), callback);
        return true;
    }
}
