import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Sign {
    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8000"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> {
            String body = exchange.getRequestURI().getPath().equals("/help") ? help() : "ready to sign\n";
            exchange.sendResponseHeaders(200, body.getBytes().length);
            exchange.getResponseBody().write(body.getBytes());
            exchange.close();
        });
        server.start();
    }

    private static String help() {
        try {
            Process process = new ProcessBuilder("keytool", "-help").redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes());
        } catch (java.io.IOException missing) {
            return "keytool is missing: " + missing.getMessage();
        }
    }
}
