package io.springtide.bench.flash;

import io.springtide.bench.plot.LineChart.Line;
import io.springtide.bench.plot.Panels;
import io.springtide.bench.plot.Panels.Panel;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

class PanelsTest {

    @Test
    void eachLineIsInThePicture() throws Exception {
        String svg = new Panels("A & B", "seconds", List.of(
                new Panel("rates", false, List.of(
                        new Line("asked", new double[]{0, 1, 2}, new double[]{1, 50, 1}),
                        new Line("answered", new double[]{0, 1, 2}, new double[]{1, 40, 2}))),
                new Panel("p99", true,
                        List.of(new Line("all", new double[]{0, 2}, new double[]{1, 900})))))
                .svg();
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(3);
        assertThat(svg).contains("A &amp; B", "asked", "answered", "p99");
    }
}
