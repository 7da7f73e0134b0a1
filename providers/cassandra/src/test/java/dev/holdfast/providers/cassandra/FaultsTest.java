package dev.holdfast.providers.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.DefaultWriteType;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import dev.holdfast.engine.provider.FaultKind;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final Node NODE = (Node) Proxy.newProxyInstance(
            FaultsTest.class.getClassLoader(),
            new Class<?>[] {Node.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "hashCode" -> 1;
                case "equals" -> proxy == args[0];
                default -> "a node";
            });
    private static final DefaultConsistencyLevel QUORUM = DefaultConsistencyLevel.LOCAL_QUORUM;

    private static FaultKind kind(Throwable cause) {
        return Faults.of(cause).kind();
    }

    @Test
    void each_error_is_one_of_the_closed_set() {
        assertThat(kind(new UnauthorizedException(NODE, "no permission"))).isEqualTo(FaultKind.UNAUTHORIZED);
        assertThat(kind(new OverloadedException(NODE, "too much"))).isEqualTo(FaultKind.THROTTLED);
        assertThat(kind(new ReadTimeoutException(NODE, QUORUM, 1, 2, false))).isEqualTo(FaultKind.TIMEOUT);
        assertThat(kind(new WriteTimeoutException(NODE, QUORUM, 1, 2, DefaultWriteType.CAS)))
                .isEqualTo(FaultKind.TIMEOUT);
        assertThat(kind(new DriverTimeoutException("late"))).isEqualTo(FaultKind.TIMEOUT);
        assertThat(kind(new UnavailableException(NODE, QUORUM, 2, 1))).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(kind(new ClosedConnectionException("gone"))).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(kind(new InvalidQueryException(NODE, "table a.b does not exist")))
                .isEqualTo(FaultKind.ROLLED_BACK);
        assertThat(kind(new InvalidQueryException(NODE, "something else"))).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(kind(new IllegalStateException())).isEqualTo(FaultKind.UNAVAILABLE);
    }

    @Test
    void a_disk_without_room_is_told_by_what_is_said() {
        assertThat(kind(new ServerError(NODE, "FSWriteError in /data: No space left on device")))
                .isEqualTo(FaultKind.DISK_FULL);
        assertThat(kind(new InvalidQueryException(
                        NODE,
                        "Guardrail data_disk_usage violated: Write request failed because disk usage"
                                + " exceeds failure threshold")))
                .isEqualTo(FaultKind.DISK_FULL);
    }

    @Test
    void what_all_nodes_failed_with_is_what_the_first_one_said() {
        var all =
                AllNodesFailedException.fromErrors(List.of(Map.entry(NODE, new OverloadedException(NODE, "too much"))));
        assertThat(kind(all)).isEqualTo(FaultKind.THROTTLED);
        assertThat(Faults.nobodyLeft(Faults.of(all))).isFalse();
        assertThat(kind(new NoNodeAvailableException())).isEqualTo(FaultKind.UNAVAILABLE);
        assertThat(Faults.nobodyLeft(Faults.of(new NoNodeAvailableException()))).isTrue();
    }
}
