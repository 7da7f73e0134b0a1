package dev.holdfast.engine.provider;

import java.util.OptionalLong;

/**
 * As whom a place is called.
 *
 * @param name of a user, a role or an access key, never a secret; empty for none
 * @param place which of the configured credentials it is, from 1; 0 when there are none, or none has been accepted yet
 * @param of how many are configured
 * @param endsAt when the place accepts it no longer, in milliseconds since the Unix epoch; empty for never, or when that is not known
 */
public record Login(String name, int place, int of, OptionalLong endsAt) {
    /** Nobody has to be let in. */
    public static final Login NONE = new Login("", 0, 0);

    /** One of which no end is known. */
    public Login(String name, int place, int of) {
        this(name, place, of, OptionalLong.empty());
    }

    /** Of two that are both needed the one of which people have to know: one that has fallen back, or else the one that ends sooner. */
    public Login beside(Login other) {
        if (equals(NONE) || fallenBack() != other.fallenBack()) {
            return fallenBack() ? this : other;
        }
        return other.endsAt.orElse(Long.MAX_VALUE) < endsAt.orElse(Long.MAX_VALUE) ? other : this;
    }

    /** Whether one that comes before it was refused. */
    public boolean fallenBack() {
        return place > 1;
    }
}
