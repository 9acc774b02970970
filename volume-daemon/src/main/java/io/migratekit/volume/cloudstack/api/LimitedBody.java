package io.migratekit.volume.cloudstack.api;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A reply's body, as long as it does not grow beyond a limit: whatever answers must not fill this process's memory. */
final class LimitedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> whole = BodySubscribers.ofByteArray();
    private final long bytesMax;
    private Flow.@Nullable Subscription subscription; // these three by one thread at a time, as Flow has it
    private long bytes;
    private boolean ended;

    LimitedBody(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        whole.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        bytes += parts.stream().mapToLong(ByteBuffer::remaining).sum();
        if (ended) {
            return;
        }
        if (bytes > bytesMax) {
            ended = true;
            if (subscription != null) {
                subscription.cancel();
            }
            whole.onError(new IOException("a reply of more than %d bytes".formatted(bytesMax)));
            return;
        }
        whole.onNext(parts);
    }

    @Override
    public void onError(Throwable e) {
        whole.onError(e);
    }

    @Override
    public void onComplete() {
        if (!ended) {
            whole.onComplete();
        }
    }
}
