package dev.holdfast.server.config;

/**
 * Where to listen.
 *
 * @param host a name or an address; IPv6 without its brackets
 * @param port 0 for any free one
 */
public record Address(String host, int port) {

    /** @throws IllegalArgumentException when {@code text} is not {@code host:port} */
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address needs brackets");
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (host.isBlank() || port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("no such host or port");
        }
        return new Address(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
