package io.migratekit.volume.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/** Lets nobody in without the token, but to the one address that is open: where the server says how it is. */
public final class TokenFilter extends OncePerRequestFilter {
    private final AccessToken token;
    private final String openAddress;
    private final String server;
    private final Admission admission;

    /**
     * Makes one.
     *
     * @param token of those who may ask
     * @param openAddress what anybody may ask, as the path of a request without anything that is encoded
     * @param server what people call the server, as in "the volume daemon"
     * @param admission what happens to requests that are let in
     */
    public TokenFilter(AccessToken token, String openAddress, String server, Admission admission) {
        this.token = token;
        this.openAddress = openAddress;
        this.server = server;
        this.admission = admission;
    }

    /** What happens to requests that are let in. */
    @FunctionalInterface
    public interface Admission {
        /** Hands a request on along the chain. */
        void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().equals(openAddress);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (token.accepts(Objects.requireNonNullElse(request.getHeader(HttpHeaders.AUTHORIZATION), ""))) {
            admission.admit(request, response, chain);
        } else {
            refuse(response);
        }
    }

    private void refuse(HttpServletResponse response) throws IOException {
        Problem problem = Problem.of(
                HttpStatus.UNAUTHORIZED,
                Problem.UNAUTHORIZED,
                "the token is missing or wrong; send 'Authorization: Bearer' and the content of %s's token file (%s, as a rule in its home)"
                        .formatted(server, token.file().getFileName()));
        response.setStatus(problem.status());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(problem));
    }
}
