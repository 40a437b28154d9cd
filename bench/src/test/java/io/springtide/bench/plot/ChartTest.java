package io.springtide.bench.plot;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChartTest {

    @Test
    void aLineChartIsXmlWithALineForEachSeries() throws Exception {
        Document svg = parsed(new LineChart("cost <b> & more", "machines", "ns", true, false, true,
                List.of(line("one", new double[]{1_000, 50_000}, new double[]{3, 700}),
                        line("two", new double[]{1_000, 5_000}, new double[]{0, 20})))
                .svg());
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(4);
        assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("cost <b> & more");
    }

    @Test
    void aBarChartLeavesOutWhatThereIsNot() throws Exception {
        Document svg = parsed(new BarChart("rates", "1/s", List.of("a", "b"),
                List.of(new BarChart.Group("w",
                        List.of(OptionalDouble.of(5), OptionalDouble.empty()))))
                .svg());
        // One bar, two legends.
        assertThat(svg.getElementsByTagName("rect").getLength()).isEqualTo(3);
    }

    @Test
    void marksAreRoundAndCoverTheValues() {
        assertThat(new Axis(false, 0, 97, 0, 100).ticks()).containsExactly(0.0, 20.0, 40.0, 60.0,
                80.0, 100.0);
        assertThat(new Axis(true, 300, 20_000, 0, 1).ticks()).containsExactly(100.0, 1_000.0,
                10_000.0, 100_000.0);
        assertThat(new Axis(false, 7, 7, 0, 1).ticks()).isNotEmpty();
        assertThat(List.of(Axis.label(2_000_000), Axis.label(50_000), Axis.label(0.25),
                Axis.label(1_000))).containsExactly("2M", "50k", "0.25", "1000");
    }

    @Test
    void thereIsNoPictureOfNothing() {
        assertThatThrownBy(
                () -> new LineChart("empty", "", "", false, false, false, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'empty'");
    }

    private static LineChart.Line line(String name, double[] xs, double[] ys) {
        return new LineChart.Line(name, xs, ys);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
