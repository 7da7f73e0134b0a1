package dev.holdfast.server.admin;

import java.net.InetAddress;

/** Whether a caller is on this machine. */
final class Loopback {
    private Loopback() {}

    /** @param address as the HTTP engine gives it, an IPv6 one with or without brackets */
    static boolean is(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        try {
            return InetAddress.ofLiteral(bare).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
