package io.springtide.agent.checkpoint;

import com.google.protobuf.InvalidProtocolBufferException;
import io.springtide.agent.checkpoint.CheckpointRecord.Acknowledged;
import io.springtide.agent.checkpoint.CheckpointRecord.Alive;
import io.springtide.agent.checkpoint.CheckpointRecord.Begun;
import io.springtide.agent.checkpoint.CheckpointRecord.Buried;
import io.springtide.agent.checkpoint.CheckpointRecord.Cluster;
import io.springtide.agent.checkpoint.CheckpointRecord.Epoch;
import io.springtide.agent.checkpoint.CheckpointRecord.Frozen;
import io.springtide.agent.checkpoint.CheckpointRecord.Identity;
import io.springtide.agent.checkpoint.CheckpointRecord.KillOrdered;
import io.springtide.agent.checkpoint.CheckpointRecord.Launched;
import io.springtide.agent.checkpoint.CheckpointRecord.Ready;
import io.springtide.agent.checkpoint.CheckpointRecord.Reported;
import io.springtide.agent.checkpoint.CheckpointRecord.SeqLast;
import io.springtide.agent.checkpoint.CheckpointRecord.Spec;
import io.springtide.agent.checkpoint.CheckpointRecord.Standby;
import io.springtide.agent.checkpoint.CheckpointRecord.Thawed;
import io.springtide.agent.checkpoint.CheckpointRecord.Waiting;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** How a record looks on disk: a kind byte and its fields, big-endian; protobuf bytes for what came as protobuf. */
final class CheckpointFormat {

    private CheckpointFormat() {}

    static byte[] encode(CheckpointRecord fact) {
        return switch (fact) {
            case Identity(String id, long incarnation) -> {
                byte[] whole = text(1, id, 8);
                ByteBuffer.wrap(whole).putLong(whole.length - 8, incarnation);
                yield whole;
            }
            case Cluster(String id) -> text(2, id, 0);
            case Epoch(long epoch) -> number(3, epoch);
            case Spec(TaskSpec spec) -> bytes(4, spec.toByteArray());
            case Launched(long id, String digest, List<Integer> ports) -> {
                byte[] whole = text(5, digest, 8 + 4 * ports.size());
                ByteBuffer to = ByteBuffer.wrap(whole);
                to.position(whole.length - 8 - 4 * ports.size()).putLong(id);
                ports.forEach(to::putInt);
                yield whole;
            }
            case KillOrdered(long id, long graceMs) ->
                ByteBuffer.allocate(17).put((byte) 6).putLong(id).putLong(graceMs).array();
            case Reported(StatusBatch batch) -> bytes(7, batch.toByteArray());
            case Acknowledged(long seq) -> number(8, seq);
            case Buried(List<Long> ids) -> {
                ByteBuffer to = ByteBuffer.allocate(1 + 8 * ids.size()).put((byte) 9);
                ids.forEach(to::putLong);
                yield to.array();
            }
            case SeqLast(long seq) -> number(10, seq);
            case Ready(long id) -> number(11, id);
            case Alive(long id, boolean alive) -> number(alive ? 12 : 13, id);
            case Standby(long id) -> number(14, id);
            case Frozen(long id) -> number(15, id);
            case Thawed(long id) -> number(16, id);
            case Waiting(long id, int gpus) ->
                ByteBuffer.allocate(13).put((byte) 17).putLong(id).putInt(gpus).array();
            case Begun(long id) -> number(18, id);
        };
    }

    static CheckpointRecord decode(byte[] bytes) throws InvalidProtocolBufferException {
        try {
            return decode(ByteBuffer.wrap(bytes));
        } catch (BufferUnderflowException e) {
            throw new InvalidProtocolBufferException("a record ends too early");
        }
    }

    private static CheckpointRecord decode(ByteBuffer from) throws InvalidProtocolBufferException {
        int kind = from.get();
        return switch (kind) {
            case 1 -> new Identity(text(from), from.getLong());
            case 2 -> new Cluster(text(from));
            case 3 -> new Epoch(from.getLong());
            case 4 -> new Spec(TaskSpec.parseFrom(from));
            case 5 -> {
                String digest = text(from);
                long id = from.getLong();
                List<Integer> ports = new ArrayList<>();
                while (from.hasRemaining()) {
                    ports.add(from.getInt());
                }
                yield new Launched(id, digest, ports);
            }
            case 6 -> new KillOrdered(from.getLong(), from.getLong());
            case 7 -> new Reported(StatusBatch.parseFrom(from));
            case 8 -> new Acknowledged(from.getLong());
            case 9 -> {
                List<Long> ids = new ArrayList<>();
                while (from.hasRemaining()) {
                    ids.add(from.getLong());
                }
                yield new Buried(ids);
            }
            case 10 -> new SeqLast(from.getLong());
            case 11 -> new Ready(from.getLong());
            case 12 -> new Alive(from.getLong(), true);
            case 13 -> new Alive(from.getLong(), false);
            case 14 -> new Standby(from.getLong());
            case 15 -> new Frozen(from.getLong());
            case 16 -> new Thawed(from.getLong());
            case 17 -> new Waiting(from.getLong(), from.getInt());
            case 18 -> new Begun(from.getLong());
            default -> throw new InvalidProtocolBufferException("unknown record kind " + kind);
        };
    }

    private static byte[] number(int kind, long value) {
        return ByteBuffer.allocate(9).put((byte) kind).putLong(value).array();
    }

    private static byte[] bytes(int kind, byte[] value) {
        return ByteBuffer.allocate(1 + value.length).put((byte) kind).put(value).array();
    }

    /** A text, and room behind it. */
    private static byte[] text(int kind, String value, int more) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[5 + utf8.length + more];
        ByteBuffer.wrap(whole).put((byte) kind).putInt(utf8.length).put(utf8);
        return whole;
    }

    private static String text(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] utf8 = new byte[length];
        from.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
