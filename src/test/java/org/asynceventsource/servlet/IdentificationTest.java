package org.asynceventsource.servlet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.asynceventsource.test.Stub;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client whose query the container can't decode")
class IdentificationTest {

  @Test
  @DisplayName("is refused by us where the container throws instead, as Open Liberty does")
  void undecodable() {
    HttpServletRequest request =
        Stub.of(HttpServletRequest.class)
            .on("getHeader", arguments -> null)
            .on("getQueryString", arguments -> "lastEventId=%zz")
            .on(
                "getParameter",
                arguments -> {
                  throw new IllegalArgumentException();
                })
            .build();

    assertThatThrownBy(() -> Identification.of(request, "192.0.2.1", Set.of(), false))
        .isInstanceOf(RefusedException.class)
        .hasMessage("the query can't be decoded; send UTF-8, encoded by percent signs");
  }
}
