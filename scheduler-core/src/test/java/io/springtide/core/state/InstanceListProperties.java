package io.springtide.core.state;

import io.springtide.core.model.AppVersion;
import io.springtide.core.sim.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The list against a sorted map. */
class InstanceListProperties {

    private final AppVersion version = new AppVersion(Specs.app("/web", 1).spec(), 1, 1, 1);

    @Property(tries = 150)
    void staysInOrder(
            @ForAll @Size(max = 80) List<@LongRange(min = 1, max = 40) Long> steps) {
        InstanceList list = new InstanceList();
        TreeMap<Long, Instance> model = new TreeMap<>();
        for (long number : steps) {
            Instance known = model.remove(number);
            if (known == null) {
                Instance added = instance(number);
                list.add(added);
                model.put(number, added);
            } else {
                list.remove(known);
            }
            List<Instance> seen = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                seen.add(list.get(i));
            }
            assertThat(seen).containsExactlyElementsOf(model.values());
        }
    }

    @Example
    void knowsItsBounds() {
        InstanceList list = new InstanceList();
        list.ensureRoomFor(100);
        list.add(instance(5));
        assertThatThrownBy(() -> list.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.remove(instance(4)))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("4");
    }

    private Instance instance(long number) {
        return new Instance(number, new AppState(version), version, 0, Instance.NO_PORTS, 0, 1);
    }
}
