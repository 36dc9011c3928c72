import std.file : readText;
import vibe.core.core;

void main()
{
	auto terms = readText("texts/terms.txt");
	runApplication();
}
