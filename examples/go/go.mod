module streamtable.example/orders

go 1.21
