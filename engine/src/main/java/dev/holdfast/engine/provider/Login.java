package dev.holdfast.engine.provider;

/**
 * As whom a place is called.
 *
 * @param name of a user, a role or an access key, never a secret; empty for none
 * @param place which of the configured credentials it is, from 1; 0 when there are none, or none has been accepted yet
 * @param of how many are configured
 */
public record Login(String name, int place, int of) {
    /** Nobody has to be let in. */
    public static final Login NONE = new Login("", 0, 0);

    /** Whether one that comes before it was refused. */
    public boolean fallenBack() {
        return place > 1;
    }
}
