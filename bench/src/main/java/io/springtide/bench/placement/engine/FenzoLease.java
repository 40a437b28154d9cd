package io.springtide.bench.placement.engine;

import com.netflix.fenzo.VirtualMachineLease;
import io.springtide.bench.placement.work.Machine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.mesos.Protos;
import org.jspecify.annotations.Nullable;

/** What a machine has free, as Fenzo wants it told. */
final class FenzoLease implements VirtualMachineLease {

    private static final int PORT_FIRST = 31_000;
    private static final double MILLI = 1_000;

    private final int number;
    private final Machine machine;
    private final long cpusFreeMilli;
    private final long memFreeMib;
    private final int portsFree;
    private final Map<String, Protos.Attribute> attributes;

    FenzoLease(int number, Machine machine, long cpusFreeMilli, long memFreeMib, int portsFree) {
        this.number = number;
        this.machine = machine;
        this.cpusFreeMilli = cpusFreeMilli;
        this.memFreeMib = memFreeMib;
        this.portsFree = portsFree;
        // Fenzo looks up null in it, which Map.of does not take.
        this.attributes = new HashMap<>();
        attributes.put("zone", attribute("zone", machine.zone()));
        attributes.put("kind", attribute("kind", machine.kind()));
    }

    /** The name by which Fenzo knows a machine. */
    static String hostname(int machine) {
        return "agent-" + machine;
    }

    private static Protos.Attribute attribute(String name, String value) {
        return Protos.Attribute.newBuilder().setName(name).setType(Protos.Value.Type.TEXT)
                .setText(Protos.Value.Text.newBuilder().setValue(value)).build();
    }

    @Override
    public String getId() {
        return "lease-" + number;
    }

    @Override
    public long getOfferedTime() {
        return 0;
    }

    @Override
    public String hostname() {
        return hostname(number);
    }

    @Override
    public String getVMID() {
        return "vm-" + number;
    }

    @Override
    public double cpuCores() {
        return cpusFreeMilli / MILLI;
    }

    @Override
    public double memoryMB() {
        return memFreeMib;
    }

    @Override
    public double networkMbps() {
        return 0;
    }

    @Override
    public double diskMB() {
        return 0;
    }

    @Override
    public List<Range> portRanges() {
        int last = PORT_FIRST + machine.ports() - 1;
        return portsFree == 0 ? List.of() : List.of(new Range(last - portsFree + 1, last));
    }

    @Override
    public Protos.@Nullable Offer getOffer() {
        return null;
    }

    @Override
    public Map<String, Protos.Attribute> getAttributeMap() {
        return attributes;
    }

    @Override
    public @Nullable Double getScalarValue(String name) {
        return null;
    }

    @Override
    public Map<String, Double> getScalarValues() {
        return Map.of();
    }
}
