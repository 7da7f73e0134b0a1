package dev.holdfast.providers.s3;

import dev.holdfast.engine.provider.FaultKind;
import dev.holdfast.engine.provider.ProviderFault;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What stores and the way to them say, in the engine's closed set of faults. */
final class Faults {
    private static final Set<String> FULL = Set.of(
            "QuotaExceeded",
            "InsufficientStorage",
            "InsufficientCapacity",
            "XMinioStorageFull",
            "EntityTooLargeForQuota");
    private static final Set<String> BUSY = Set.of(
            "SlowDown",
            "ServiceUnavailable",
            "Throttling",
            "ThrottlingException",
            "RequestLimitExceeded",
            "TooManyRequests",
            "XMinioServerNotInitialized");
    private static final Set<String> SLOW = Set.of("RequestTimeout", "RequestTimeoutException");

    private Faults() {}

    /** @param doing what was asked of where, for people: "listing bucket b at http://…" */
    static ProviderFault of(String doing, RuntimeException e) {
        if (e instanceof S3Exception answer) {
            return answered(doing, answer);
        }
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return new ProviderFault(FaultKind.TIMEOUT, doing + " took longer than allowed", e);
        }
        if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            return new ProviderFault(
                    FaultKind.TIMEOUT, "given up while " + doing + "; what was asked may still happen", e);
        }
        return new ProviderFault(unanswered(e), doing + " failed: " + saying(e), e);
    }

    private static ProviderFault answered(String doing, S3Exception e) {
        String code = code(e);
        FaultKind kind = kind(e.statusCode(), code, saying(e));
        String what = switch (kind) {
            case ROLLED_BACK -> "there is no such bucket any more; its owner makes it, Holdfast does not";
            case DISK_FULL -> "the store has no room left";
            case THROTTLED -> "the store asks to be called less often";
            case UNAUTHORIZED -> "the store does not accept the access key";
            default -> saying(e);
        };
        return new ProviderFault(kind, doing + " failed: " + what + " (" + e.statusCode() + " " + code + ")", e);
    }

    private static FaultKind kind(int status, String code, String said) {
        if (code.equals("NoSuchBucket")) {
            return FaultKind.ROLLED_BACK;
        }
        // Before the status: Ceph says a full quota with 403.
        if (status == 507 || FULL.contains(code) || said.contains("No space left")) {
            return FaultKind.DISK_FULL;
        }
        if (SLOW.contains(code) || status == 408 || status == 504) {
            return FaultKind.TIMEOUT;
        }
        if (status == 429 || (status == 503 && (BUSY.contains(code) || code.isEmpty()))) {
            return FaultKind.THROTTLED;
        }
        return status == 401 || status == 403 ? FaultKind.UNAUTHORIZED : FaultKind.UNAVAILABLE;
    }

    private static FaultKind unanswered(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof XMLStreamException) {
                return FaultKind.CORRUPT;
            }
            // Connecting that takes too long is one as well, and says no more than a refusal does about what has
            // happened.
            if (cause instanceof SocketTimeoutException || cause instanceof InterruptedIOException) {
                return FaultKind.TIMEOUT;
            }
        }
        return FaultKind.UNAVAILABLE;
    }

    /** Whether the store closed a connection, or had closed it, without a word of an answer. */
    static boolean connectionWasClosed(SdkClientException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof NoHttpResponseException
                    || (cause instanceof SocketException && !(cause instanceof ConnectException))) {
                return !Thread.currentThread().isInterrupted();
            }
        }
        return false;
    }

    /** Whether another credential may fare better. */
    static boolean refused(S3Exception e) {
        return kind(e.statusCode(), code(e), saying(e)) == FaultKind.UNAUTHORIZED;
    }

    static String code(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        return details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
    }

    private static String saying(SdkException e) {
        @Nullable AwsErrorDetails details = e instanceof S3Exception answer ? answer.awsErrorDetails() : null;
        String said = details != null ? details.errorMessage() : e.getMessage();
        return Objects.requireNonNullElse(said, e.getClass().getSimpleName());
    }

    private static String saying(RuntimeException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    }
}
