public class Discount {
    public static int of(int price) {
        return price - price / 10;
    }
}
