using System.Globalization;

var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => 1234.5.ToString("C", CultureInfo.GetCultureInfo("de-DE")));
app.Run();
