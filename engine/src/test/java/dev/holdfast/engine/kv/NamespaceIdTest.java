package dev.holdfast.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NamespaceIdTest {

    @Test
    void the_hexadecimal_form_reads_back_and_keeps_the_order() {
        Generators.forSeeds(2_000, any -> {
            NamespaceId a = any.namespace();
            NamespaceId b = any.random().nextBoolean() ? any.namespace() : new NamespaceId(a.high(), ~a.low());
            assertThat(a.toString()).matches("[0-9a-f]{32}");
            assertThat(NamespaceId.parse(a.toString())).isEqualTo(a);
            assertThat(Integer.signum(a.compareTo(b)))
                    .isEqualTo(Integer.signum(a.toString().compareTo(b.toString())));
            assertThat(NamespaceId.SYSTEM).isLessThanOrEqualTo(a);
        });
    }

    @Test
    void what_is_no_namespace_id_is_refused() {
        for (String text : new String[] {"", "0f2ac74b498b48028cb68387c421e27", "zf2ac74b498b48028cb68387c421e279"}) {
            assertThatThrownBy(() -> NamespaceId.parse(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
