using Microsoft.Data.Sqlite;

namespace BlockSmtp.Sqlite;

/// <summary>Statements in short. Values go in as parameters and in no other way.</summary>
internal static class Sql
{
    public static int Run(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, text, values);
        return command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, text, values);
        return command.ExecuteScalar();
    }

    public static List<T> Read<T>(
        SqliteConnection connection,
        string text,
        Func<SqliteDataReader, T> row,
        params ReadOnlySpan<(string Name, object? Value)> values) =>
        Read(connection, text, row, _ => true, values);

    /// <summary>Reads those rows that are wanted; the others need no memory.</summary>
    public static List<T> Read<T>(
        SqliteConnection connection,
        string text,
        Func<SqliteDataReader, T> row,
        Predicate<SqliteDataReader> isWanted,
        params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var command = Command(connection, text, values);
        using var reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            if (isWanted(reader))
                rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>A statement that is run for many rows, with the values of each in the order of the names.</summary>
    public static SqliteCommand Prepare(SqliteConnection connection, string text, params ReadOnlySpan<string> names)
    {
        var command = Command(connection, text, []);
        foreach (var name in names)
            command.Parameters.Add(new SqliteParameter(name, null));
        return command;
    }

    public static void RunWith(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // All texts are constants of this library; values are parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
