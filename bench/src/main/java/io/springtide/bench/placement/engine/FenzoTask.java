package io.springtide.bench.placement.engine;

import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import io.springtide.bench.placement.work.Group;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task as Fenzo wants it told; {@code number} is below zero for what runs already. */
final class FenzoTask implements TaskRequest {

    private static final double MILLI = 1_000;

    final int number;
    final int group;
    private final Group kind;
    private final String id;
    private final List<ConstraintEvaluator> hard;
    private final List<VMTaskFitnessCalculator> soft;
    private @Nullable AssignedResources assigned;

    FenzoTask(int number, int group, Group kind, List<ConstraintEvaluator> hard,
            List<VMTaskFitnessCalculator> soft) {
        this.number = number;
        this.group = group;
        this.kind = kind;
        this.id = id(number);
        this.hard = hard;
        this.soft = soft;
    }

    static String id(int number) {
        return "task-" + number;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String taskGroupName() {
        return "";
    }

    @Override
    public double getCPUs() {
        return kind.need().cpusMilli() / MILLI;
    }

    @Override
    public double getMemory() {
        return kind.need().memMib();
    }

    @Override
    public double getNetworkMbps() {
        return 0;
    }

    @Override
    public double getDisk() {
        return 0;
    }

    @Override
    public int getPorts() {
        return kind.need().ports();
    }

    @Override
    public Map<String, Double> getScalarRequests() {
        return Map.of();
    }

    @Override
    public Map<String, NamedResourceSetRequest> getCustomNamedResources() {
        return Map.of();
    }

    @Override
    public List<ConstraintEvaluator> getHardConstraints() {
        return hard;
    }

    @Override
    public List<VMTaskFitnessCalculator> getSoftConstraints() {
        return soft;
    }

    @Override
    public void setAssignedResources(AssignedResources resources) {
        assigned = resources;
    }

    @Override
    public @Nullable AssignedResources getAssignedResources() {
        return assigned;
    }
}
