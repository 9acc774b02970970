package io.migratekit.volume.http;

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

/** Lets nobody in without the token, but to look whether the daemon is well; counts those who are let in. */
final class TokenFilter extends OncePerRequestFilter {
    private final AccessToken token;
    private final Visits visits;

    TokenFilter(AccessToken token, Visits visits) {
        this.token = token;
        this.visits = visits;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().equals(StatusController.HEALTH);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!token.accepts(Objects.requireNonNullElse(request.getHeader(HttpHeaders.AUTHORIZATION), ""))) {
            refuse(response);
            return;
        }
        if (request.getRequestURI().equals(StatusController.METRICS)) { // who only watches does not need it
            chain.doFilter(request, response);
            return;
        }
        visits.begin();
        try {
            chain.doFilter(request, response);
        } finally {
            visits.end();
        }
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        Problem problem = new Problem(
                "unauthorized",
                HttpStatus.UNAUTHORIZED.value(),
                "the token is missing or wrong; send 'Authorization: Bearer' and the content of the daemon's token file (volume-daemon.token in its home)",
                Problems.UNAUTHORIZED);
        response.setStatus(problem.status());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(JsonMapper.shared().writeValueAsBytes(problem));
    }
}
