package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.exception.InternalServerErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ExplanationTest {

    @ParameterizedTest
    @CsvSource({
            "driver failed programming: Bind for 0.0.0.0:80 failed: port is already allocated,free the port",
            "listen tcp 0.0.0.0:80: bind: address already in use,free the port",
            "network shop not found,docker network create",
            "exec: \"x\": executable file not found in $PATH: unknown,check cmd",
            "write /var/lib/docker/x: no space left on device,docker system prune",
            "No such image: nginx:1,check its name and tag", "something new,something new"})
    void saysWhatToDo(String words, String remedy) {
        InternalServerErrorException error = new InternalServerErrorException(
                "Status 500: {\"message\":\"" + words.replace("\"", "\\\"") + "\"}\n");
        assertThat(Explanation.notStarted(DockerFixture.spec("true").build(), error))
                .contains(remedy)
                .doesNotContain("Status 500").doesNotContain("{").endsWith(".");
    }

    @Test
    void wordsSurviveWhatIsNotJson() {
        assertThat(Daemon.words(new InternalServerErrorException("Status 500: {oops")))
                .contains("{oops");
    }

    @ParameterizedTest
    @CsvSource({"nginx,nginx:latest", "nginx:1,nginx:1", "host:5000/a/b,host:5000/a/b:latest",
            "host:5000/a/b:2,host:5000/a/b:2", "a@sha256:00,a@sha256:00"})
    void imagesWithoutATagAreTheLatest(String image, String tagged) {
        assertThat(ImagePulls.withTag(image)).isEqualTo(tagged);
    }

    @ParameterizedTest
    @CsvSource({"32,0,32", "32,64,64", "2,0,6", "0,0,0", "32,-1,0"})
    void memoryLimit(long requested, long limit, long effective) {
        var spec = DockerFixture.spec("true").setMemLimitMib(limit);
        spec.getResourcesBuilder().setMemMib(requested);
        assertThat(ContainerRequest.memLimitMib(spec.build())).isEqualTo(effective);
    }
}
