package shop;

import java.util.List;

class Table {
    static String rows(List<String> lines) {
        StringBuilder rows = new StringBuilder();
        for (String line : lines) {
            String[] cells = line.split(",");
            rows.append("<tr><td>").append(cells[0]).append("</td><td>").append(cells[1]).append("</td></tr>\n");
        }
        return rows.toString();
    }
}
