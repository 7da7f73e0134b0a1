package dev.holdfast.providers.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.RequestThrottlingException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.BusyConnectionException;
import com.datastax.oss.driver.api.core.servererrors.CASWriteUnknownException;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What the driver and Cassandra say, in the engine's closed set of faults. */
final class Faults {
    private Faults() {}

    /** Waits for an answer; lets go of it when interrupted. */
    static <T> T await(CompletionStage<T> stage) throws ProviderFault {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new ProviderFault(
                    FaultKind.TIMEOUT, "given up while waiting for Cassandra; what was asked may still happen", e);
        } catch (ExecutionException e) {
            throw of(Objects.requireNonNullElse(e.getCause(), e));
        } catch (CancellationException e) {
            throw new ProviderFault(FaultKind.UNAVAILABLE, "Cassandra's driver let go of a statement", e);
        }
    }

    static ProviderFault of(Throwable cause) {
        if (cause instanceof ProviderFault fault) {
            return fault;
        }
        return new ProviderFault(kind(cause), "Cassandra: " + said(cause), cause);
    }

    /** Whether the driver has no node left that it could ask; it may not find one again by itself. */
    static boolean nobodyLeft(ProviderFault fault) {
        return fault.getCause() instanceof NoNodeAvailableException;
    }

    private static String said(Throwable cause) {
        if (cause instanceof AllNodesFailedException all) {
            Throwable first = first(all);
            return first == null ? "no node can be reached" : "no node did it, and the first said: " + said(first);
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static @Nullable Throwable first(AllNodesFailedException all) {
        return all.getAllErrors().values().stream()
                .flatMap(each -> each.stream())
                .findFirst()
                .orElse(null);
    }

    private static FaultKind kind(Throwable cause) {
        if (full(said(cause))) {
            return FaultKind.DISK_FULL;
        }
        return switch (cause) {
            case AllNodesFailedException all -> {
                Throwable first = first(all);
                yield first == null ? FaultKind.UNAVAILABLE : kind(first);
            }
            case AuthenticationException e -> FaultKind.UNAUTHORIZED;
            case UnauthorizedException e -> FaultKind.UNAUTHORIZED;
            case OverloadedException e -> FaultKind.THROTTLED;
            case BusyConnectionException e -> FaultKind.THROTTLED;
            case RequestThrottlingException e -> FaultKind.THROTTLED;
            case ReadTimeoutException e -> FaultKind.TIMEOUT;
            case WriteTimeoutException e -> FaultKind.TIMEOUT;
            case CASWriteUnknownException e -> FaultKind.TIMEOUT;
            case DriverTimeoutException e -> FaultKind.TIMEOUT;
            case InvalidQueryException e -> missing(e) ? FaultKind.ROLLED_BACK : FaultKind.UNAVAILABLE;
            case InvalidConfigurationInQueryException e -> missing(e) ? FaultKind.ROLLED_BACK : FaultKind.UNAVAILABLE;
            default -> FaultKind.UNAVAILABLE;
        };
    }

    /** A keyspace or table that is not there has no code of its own in Cassandra's protocol. */
    private static boolean missing(Throwable cause) {
        String said = said(cause);
        return said.contains("does not exist") || said.contains("unconfigured");
    }

    private static boolean full(String said) {
        return said.contains("No space left") || said.contains("FSWriteError") || said.contains("disk usage exceeds");
    }
}
