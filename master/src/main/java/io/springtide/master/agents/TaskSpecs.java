package io.springtide.master.agents;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppWriter;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodWriter;
import io.springtide.api.marathon.Rollout;
import io.springtide.core.model.AppVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates versions of apps and pods into what agents are told to run, each once. Any thread. */
final class TaskSpecs {

    /** Those used last are kept, up to this many and this many bytes. */
    private static final int SPECS_MAX = 4_096;
    private static final long BYTES_MAX = 64L << 20;

    private static final int DIGEST_BYTES = 16;

    private static final Logger LOG = LoggerFactory.getLogger(TaskSpecs.class);

    private final Map<AppVersion, PreparedSpec> cache = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    /** What instances of a version run. */
    synchronized PreparedSpec of(AppVersion version, String clusterId) {
        PreparedSpec known = cache.get(version);
        if (known != null) {
            return known;
        }
        PreparedSpec prepared = prepare(version, clusterId);
        cache.put(version, prepared);
        bytes += prepared.sizeBytes();
        Iterator<PreparedSpec> oldest = cache.values().iterator();
        while (cache.size() > SPECS_MAX || (bytes > BYTES_MAX && cache.size() > 1)) {
            bytes -= oldest.next().sizeBytes();
            oldest.remove();
        }
        return prepared;
    }

    private static PreparedSpec prepare(AppVersion version, String clusterId) {
        try {
            TaskSpec.Builder spec = write(version, clusterId);
            String digest = digest(spec.build());
            return new PreparedSpec(digest, Optional.of(spec.setDigest(digest).build()));
        } catch (RuntimeException unreadable) {
            // The agents refuse it, the app backs off, and its owner sees an error: no reason to stop.
            LOG.error("app_definition_unreadable app={} version={}", version.spec().id(),
                    version.versionMs(), unreadable);
            return new PreparedSpec(
                    "unreadable-" + version.spec().id() + "-" + version.versionMs(),
                    Optional.empty());
        }
    }

    private static TaskSpec.Builder write(AppVersion version, String clusterId) {
        String definition = version.spec().definition();
        int instances = version.spec().instances();
        return switch (version.spec().kind()) {
            case APP -> {
                App app = AppWriter.fromDefinition(definition, instances);
                yield new TaskSpecWriter(app, version, clusterId).write()
                        .setStopWhenCutOffMs(stopMs(app.rollout(), version));
            }
            case POD -> {
                Pod pod = PodWriter.fromDefinition(definition, instances);
                yield new PodTaskSpecs(pod, version, clusterId).write()
                        .setStopWhenCutOffMs(stopMs(pod.rollout(), version));
            }
        };
    }

    /**
     * The master replaces an instance when its agent has been unreachable for the time of the strategy, and
     * calls it that only some seconds after its last word: these are the margin for the clocks.
     */
    private static long stopMs(Rollout rollout, AppVersion version) {
        return rollout.onPartition() == Rollout.OnPartition.STOP && rollout
                .unreachable() instanceof Rollout.UnreachableStrategy.After(int inactive, int unused)
                        ? Math.max(1, inactive * 1_000L - version.spec().killGraceMs())
                        : 0;
    }

    /** Names a message by what it says. */
    static String digest(MessageLite message) {
        byte[] encoded = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(encoded);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(encoded);
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
